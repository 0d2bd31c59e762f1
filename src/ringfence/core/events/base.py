"""What every event is: a value with a tag, as canonical JSON has it."""

import msgspec


class EventBase(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", omit_defaults=True):
    """Numbers only: no name, address, reference or free text of anybody."""
