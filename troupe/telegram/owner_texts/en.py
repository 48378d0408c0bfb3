"""What the bot says to its owners, in English."""

from troupe.telegram.owner_texts.catalogue import OwnerTexts

ENGLISH = OwnerTexts(
    commands={
        "block": "Owner: block a person",
        "unblock": "Owner: unblock a person",
        "invite": "Owner: an invitation link, or let a person in",
    },
    whom=(
        "Who is it about? Put their id or @username behind /{command}. Or forward a message of theirs to this chat, "
        "and send the command as a reply to it."
    ),
    unknown_username="Nobody here has the username {name}. Capitals count. An id always works.",
    ambiguous_username="Several people have had the username {name}: {ids}. Which one? Use the id.",
    blocked="{who} is blocked: the bot is silent to them now. To undo it: /unblock {id}",
    was_blocked="{who} was blocked already.",
    owner_stays="{who} is an owner. Owners can't be blocked.",
    unblocked="{who} is no longer blocked.",
    was_not_blocked="{who} was not blocked.",
    still_uninvited="They still need an invitation: /invite {id}",
    still_blocked="But they are blocked: /unblock {id}",
    admitted="{who} may come in now.",
    was_admitted="{who} was let in before.",
    invitation="This link lets people in: {uses} at most, until {until}.\n\n{link}",
    no_links="Only people on the list may come in: a link would let nobody in. To add a person: /invite and their id.",
)
