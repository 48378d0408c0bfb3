"""All data that the bot holds of a person, category by category.

A new table with rows of people gets a category here, and a name for it in `troupe.telegram.privacy_texts`.
"""

from functions.llm_reply.privacy.account_data import Invitations, Profile, Spending
from functions.llm_reply.privacy.character_data import BroughtChats, Characters
from functions.llm_reply.privacy.conversation_data import Conversations, Memories, Turns
from functions.llm_reply.privacy.data_category import DataCategory

PROFILE = Profile()
CONVERSATIONS, SPENDING = Conversations(), Spending()
# In the order in which they are erased.
DATA_CATEGORIES: tuple[DataCategory, ...] = (
    Turns(), Memories(), CONVERSATIONS, BroughtChats(), Characters(), Invitations(), SPENDING, PROFILE,
)  # fmt: skip
