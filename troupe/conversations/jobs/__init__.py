"""The jobs on the two queues, as the webhook, the picker and `card_files` make them. One message group per chat.

A job holds ids and no words or names of people: it may become a dead letter, which operators read.
"""

from troupe.conversations.jobs.answering import (
    AlternativeGreetingJob,
    AlternativeJob,
    AnswerJob,
    GreetJob,
    RemoveJob,
    SpeakJob,
    WriteOutJob,
)
from troupe.conversations.jobs.brought_chats import BroughtChatJob, DropChatJob, ImportChatJob, ShowChatJob
from troupe.conversations.jobs.characters import (
    WRITABLE,
    CardFileJob,
    CharacterJob,
    ExportCardJob,
    IntroduceJob,
    OwnerJob,
    ReadCardJob,
    RefuseCardJob,
    ShowCardJob,
    SuggestJob,
)
from troupe.conversations.jobs.entry import AgeJob, RedeemJob
from troupe.conversations.jobs.kinds import Job, SpeakingJob
from troupe.conversations.jobs.owners import BroadcastJob, OwnerCommandJob
from troupe.conversations.jobs.privacy import ERASURE_GROUPS, EraseJob, ExportJob, ForgetEventsJob
from troupe.conversations.jobs.queue import MAX_ID, MalformedJobError, enqueue, named_turn, parse, to_json
from troupe.conversations.jobs.remembering import CheckFactJob, DescribeJob, ForgetJob, MemoryJob, SummarizeJob

__all__ = [
    "ERASURE_GROUPS",
    "MAX_ID",
    "WRITABLE",
    "AgeJob",
    "AlternativeGreetingJob",
    "AlternativeJob",
    "AnswerJob",
    "BroadcastJob",
    "BroughtChatJob",
    "CardFileJob",
    "CharacterJob",
    "CheckFactJob",
    "DescribeJob",
    "DropChatJob",
    "EraseJob",
    "ExportCardJob",
    "ExportJob",
    "ForgetEventsJob",
    "ForgetJob",
    "GreetJob",
    "ImportChatJob",
    "IntroduceJob",
    "Job",
    "MalformedJobError",
    "MemoryJob",
    "OwnerCommandJob",
    "OwnerJob",
    "ReadCardJob",
    "RedeemJob",
    "RefuseCardJob",
    "RemoveJob",
    "ShowCardJob",
    "ShowChatJob",
    "SpeakJob",
    "SpeakingJob",
    "SuggestJob",
    "SummarizeJob",
    "WriteOutJob",
    "enqueue",
    "named_turn",
    "parse",
    "to_json",
]
