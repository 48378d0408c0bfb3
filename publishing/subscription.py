"""The updates that the bot asks Telegram to send: https://core.telegram.org/bots/api#setwebhook"""

# setWebhook keeps the former value of a parameter that is left out.
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "stopped_message_generation", "my_chat_member"]
# Telegram's maximum. With its default, 40, a slow minute of the webhook would delay everybody.
MAX_CONNECTIONS = 100
