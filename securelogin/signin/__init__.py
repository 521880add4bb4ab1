"""How people sign in: the domain login, its throttle and its hasher. Knows no OAuth."""
