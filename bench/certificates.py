"""A certificate authority for a few minutes, and a server certificate for the names that a measurement needs."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import certifi

from troupe.aws import AMAZON_ROOTS

CONFIG = """
[req]
prompt = no
distinguished_name = name
x509_extensions = extensions
[name]
CN = Bench
[extensions]
basicConstraints = critical, CA:TRUE
keyUsage = critical, digitalSignature, keyCertSign
subjectAltName = {names}
"""


@dataclass(frozen=True)
class Certificates:
    """Files. `one_authority` is the authority alone; the others hold it beside Amazon's roots, and beside all that
    certifi trusts, so that they take as long to load as what they stand for.
    """

    key: Path
    one_authority: Path
    beside_amazon: Path
    beside_all: Path

    def of_server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.one_authority, self.key)
        return context


def make(folder: Path, *names: str) -> Certificates:
    """The authority signs itself and serves as the server's certificate too.

    :param names: in OpenSSL's form, such as DNS:localhost or IP:127.0.0.1
    :raises OSError: there is no program `openssl`
    """
    found = Certificates(*(folder / name for name in ("key.pem", "one.pem", "amazon.pem", "all.pem")))
    config = folder / "openssl.cnf"
    config.write_text(CONFIG.format(names=",".join(names)), encoding="ascii")
    command = [
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-config", str(config)),
        *("-keyout", str(found.key), "-out", str(found.one_authority)),
    ]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - openssl
    own = found.one_authority.read_text(encoding="ascii")
    # Leave out one of Amazon's roots, so that the file has as many roots as the one that it stands for.
    found.beside_amazon.write_text(_all_but_one(AMAZON_ROOTS.read_text(encoding="ascii")) + own, encoding="ascii")
    found.beside_all.write_text(Path(certifi.where()).read_text(encoding="utf-8") + own, encoding="utf-8")
    return found


def _all_but_one(bundle: str) -> str:
    return bundle.rpartition("-----BEGIN CERTIFICATE-----")[0]
