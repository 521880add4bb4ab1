"""AUTHORIZATION: how Microsoft Entra ID gets its tokens (RFC 6749, 6750, 7009, 7636, 8414, 9700)."""
