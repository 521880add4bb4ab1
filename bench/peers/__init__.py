"""The peers as an integrator would run them: pinned, with the least code their documentation asks for."""
