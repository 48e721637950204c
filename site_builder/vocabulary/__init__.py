"""What news pages say in many languages beside and around their stories: word lists, names and agencies, date lines.

Shared by the extractors, which are siblings and know nothing of each other. Data lies in `words.toml`, `grammar.toml`.
"""
