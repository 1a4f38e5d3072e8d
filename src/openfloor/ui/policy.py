"""The headers every answer carries, whoever writes it: Django, the live board or the server itself."""

# What the Content-Security-Policy of a page that starts a worker says otherwise.
STARTING_A_WORKER = {"worker-src": ["'self'"], "trusted-types": ["openfloor-worker"]}

HEADERS = {
    "Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
