"""The functions' settings name the key of the pseudonyms; these tests load none."""

from local.settings import SIMULATED_TOKEN, pseudonym_key
from troupe.pseudonym import use_key

use_key(lambda: pseudonym_key(SIMULATED_TOKEN))
