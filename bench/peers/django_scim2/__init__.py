"""django-scim2 as an integrator would set it up: the models and adapters its documentation asks for."""
