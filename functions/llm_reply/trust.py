"""The certificates that the reply function trusts outside AWS: certifi's, loaded once for both HTTP clients.

A context takes 16 ms of CPU to make. httpx, which Telegram's client uses, and httpx2, which OpenAI's uses, would make
one each. SSL_CERT_FILE and SSL_CERT_DIR name other certificates.
"""

import httpx

tls = httpx.create_ssl_context()
