"""The certificates that connections to AWS trust are Amazon's, are generally trusted, and have years to go."""

import ssl
import time
from pathlib import Path
from typing import Any

import botocore
import certifi
import pytest

from troupe.aws import AMAZON_ROOTS

YEAR_S = 365 * 24 * 3600
# https://www.amazontrust.com/repository/
NAMES = {
    "Amazon Root CA 1", "Amazon Root CA 2", "Amazon Root CA 3", "Amazon Root CA 4",
    "Starfield Services Root Certificate Authority - G2",
}  # fmt: skip


def certificates(file: Path) -> dict[bytes, Any]:
    """What OpenSSL finds in a file: each certificate's content, and what it says of itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(file)
    return dict(zip(context.get_ca_certs(binary_form=True), context.get_ca_certs(), strict=True))


def test_they_are_the_five_roots_of_amazon_trust_services() -> None:
    subjects = [dict(pair for part in each["subject"] for pair in part) for each in certificates(AMAZON_ROOTS).values()]
    assert sorted(subject["commonName"] for subject in subjects) == sorted(NAMES)


@pytest.mark.parametrize("bundle", [Path(certifi.where()), Path(botocore.__file__).with_name("cacert.pem")])
def test_each_of_them_is_in_the_bundles_that_everybody_trusts(bundle: Path) -> None:
    assert certificates(AMAZON_ROOTS).keys() <= certificates(bundle).keys()


def test_none_of_them_ends_within_two_years() -> None:
    for each in certificates(AMAZON_ROOTS).values():
        assert ssl.cert_time_to_seconds(each["notAfter"]) > time.time() + 2 * YEAR_S
