"""All kinds of jobs. A new kind is a class in the file of its subject, and a line here."""

from typing import get_args

from troupe.conversations.jobs.answering import (
    AlternativeGreetingJob,
    AlternativeJob,
    AnswerJob,
    GreetJob,
    RemoveJob,
    SpeakJob,
    WriteOutJob,
)
from troupe.conversations.jobs.brought_chats import BroughtChatJob
from troupe.conversations.jobs.characters import CardFileJob, CharacterJob, SuggestJob
from troupe.conversations.jobs.entry import AgeJob, RedeemJob
from troupe.conversations.jobs.owners import BroadcastJob, OwnerCommandJob
from troupe.conversations.jobs.privacy import EraseJob, ExportJob, ForgetEventsJob
from troupe.conversations.jobs.remembering import CheckFactJob, DescribeJob, ForgetJob, MemoryJob, SummarizeJob

Job = (
    AnswerJob
    | GreetJob
    | AlternativeJob
    | AlternativeGreetingJob
    | RemoveJob
    | SpeakJob
    | WriteOutJob
    | SummarizeJob
    | DescribeJob
    | MemoryJob
    | ForgetJob
    | CheckFactJob
    | CardFileJob
    | CharacterJob
    | BroughtChatJob
    | SuggestJob
    | RedeemJob
    | AgeJob
    | OwnerCommandJob
    | BroadcastJob
    | ExportJob
    | EraseJob
    | ForgetEventsJob
)
# The kinds whose failure the person is told of, in their language. A turn has an apology of its own.
SpeakingJob = (
    GreetJob
    | AlternativeJob
    | AlternativeGreetingJob
    | RemoveJob
    | SpeakJob
    | WriteOutJob
    | MemoryJob
    | ForgetJob
    | CheckFactJob
    | CharacterJob
    | BroughtChatJob
    | RedeemJob
    | AgeJob
    | OwnerCommandJob
    | BroadcastJob
    | ExportJob
    | EraseJob
)
KINDS: dict[str, type[Job]] = {kind.kind: kind for kind in get_args(Job)}
