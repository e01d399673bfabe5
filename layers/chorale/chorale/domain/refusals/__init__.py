"""The catalogue of messages: what each code that can leave the hub means, for who receives it.

Sentences are made where the facts are known; here stands what does not change from one case to the next: when the code
comes, what to change, an example, where the rule comes from. The rules about documents are rows of their own
(``formats/judging/platform_rules``); ``docs/messages.md`` prints both, and a test holds catalogue and code equal.
"""
