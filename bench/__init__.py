"""The benchmark: Entra's operations against this server, its peers and a bare view, side by side (RFC 7644 §3)."""
