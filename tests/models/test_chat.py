"""A chat model is sent its own template, once and with one beginning; all others are sent the text as it is."""

import copy
from dataclasses import replace

import pytest
from tokenizers import AddedToken

import specdec
from specdec.errors import UserError
from specdec.models.chat import sent
from specdec.settings import Settings

TEMPLATE = (
    "{{ bos_token }}{% for one in messages %}[{{ one['role'] }}] {{ one['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}[answer]{% endif %}{% if enable_thinking is not false %} hm …{% endif %}"
)
TEXT = "Why does the lamp burn?"
SENT = f"<|endoftext|>[user] {TEXT}\n[answer]"


def with_template(model, template):
    tokenizer = copy.deepcopy(model.tokenizer)
    tokenizer.chat_template = template
    return replace(model, tokenizer=tokenizer)


@pytest.fixture
def talker(tiny_model):
    return with_template(tiny_model(), TEMPLATE)


@pytest.fixture
def beginner(talker):
    """It puts the token that texts begin with before every text."""
    from tokenizers.processors import TemplateProcessing

    first = talker.tokenizer.bos_token
    special = [(first, talker.tokenizer.bos_token_id)]
    talker.tokenizer.backend_tokenizer.post_processor = TemplateProcessing(
        single=f"{first} $A", special_tokens=special
    )
    return talker


def test_a_template_is_used_where_there_is_one(talker, tiny_model):
    assert sent(talker, TEXT) == sent(talker, TEXT, "on") == SENT
    assert sent(tiny_model(), TEXT) == TEXT


def test_off_sends_the_text_as_it_is(talker):
    assert sent(talker, TEXT, "off") == TEXT


def test_a_template_that_is_asked_for_and_missing_is_a_sentence(tiny_model):
    with pytest.raises(UserError, match="no chat template"):
        sent(tiny_model(), TEXT, "on")


@pytest.mark.parametrize("template", ["{{ raise_exception('Nobody may ask.') }}", "{% for %}", "{{ 1 / 0 }}"])
def test_a_template_that_fails_is_one_sentence(tiny_model, template):
    with pytest.raises(UserError) as failed:
        sent(with_template(tiny_model(), template), TEXT)
    assert "\n" not in str(failed.value) and "chat off" in str(failed.value)


def test_what_a_template_begins_with_is_not_put_before_it_again(beginner):
    tokenizer = beginner.tokenizer
    assert tokenizer.encode(TEXT)[0] == tokenizer.bos_token_id
    _, tokens = beginner.begin(sent(beginner, TEXT))
    said = [{"role": "user", "content": TEXT}]
    options = {"add_generation_prompt": True, "enable_thinking": False, "return_dict": False}
    assert tokens == tokenizer.apply_chat_template(said, **options)
    assert tokens.count(tokenizer.bos_token_id) == 1
    assert beginner.begin(TEXT)[1] == tokenizer.encode(TEXT)  # a text that nobody wrapped begins as before


def test_a_run_keeps_the_prompt_as_it_was_sent_and_so_it_can_be_run_again(beginner, tiny_pair):
    pair = replace(tiny_pair, target=replace(tiny_pair.target, tokenizer=beginner.tokenizer))
    trace = specdec.run(TEXT, pair, max_new_tokens=8)
    assert trace.header.prompt.text == SENT
    again = specdec.replay(trace, pair)
    assert again.header.prompt == trace.header.prompt and again.ids == trace.ids
    raw = specdec.run(TEXT, pair, chat="off", max_new_tokens=8)
    assert raw.header.prompt.text == TEXT and Settings.read(raw.header.settings) == Settings.read(
        trace.header.settings
    )


@pytest.mark.parametrize("template", [TEMPLATE, TEMPLATE.replace("{{ bos_token }}", ""), "\n" + TEMPLATE])
def test_the_tokens_of_a_chat_prompt_are_those_of_its_template(beginner, tiny_pair, template):
    target = with_template(beginner, template)
    trace = specdec.run(TEXT, replace(tiny_pair, target=target), chat="on", max_new_tokens=2)
    said, options = [{"role": "user", "content": TEXT}], {"add_generation_prompt": True, "enable_thinking": False}
    ids = target.tokenizer.apply_chat_template(said, **options)
    assert [token.id for token in trace.header.prompt.tokens] == (ids if isinstance(ids, list) else ids["input_ids"])
    again = specdec.replay(trace, replace(tiny_pair, target=target))
    assert again.header.prompt == trace.header.prompt


def test_a_turn_ends_a_text_though_no_configuration_says_so(talker):
    tokenizer = copy.deepcopy(talker.tokenizer)
    tokenizer.add_tokens([AddedToken("<|turn|>", special=True)])
    tokenizer.chat_template = "{% for one in messages %}{{ one['content'] }}<|turn|>{% endfor %}"
    assert tokenizer.convert_tokens_to_ids("<|turn|>") in replace(talker, tokenizer=tokenizer).end_ids
