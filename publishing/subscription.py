"""What we ask Telegram to send: https://core.telegram.org/bots/api#setwebhook"""

# Named in full: what is left out keeps its former value.
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
# Telegram's most. At its default, 40, a slow minute of ours would hold back everybody.
MAX_CONNECTIONS = 100
