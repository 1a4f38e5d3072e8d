"""Found a committee, join it by being vouched for, sign in, hold a role, and check the roll."""
