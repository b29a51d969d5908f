"""What the findings about requests mean: outcome and sentence, as for every other kind of file."""

from geo.i18n import N_

REQUEST_MESSAGES: dict[str, tuple[str, str]] = {
    "months_first": (
        "accepted",
        N_(
            "No day in {field} tells whether days or months stand first: months were taken. Write dates like "
            "2026-01-31."
        ),
    ),
    "moment_unreadable": (
        "refused",
        N_("{field} is {value}, which is no date and time: write it like 2026-01-02 13:05."),
    ),
    "moment_unknown": (
        "repaired",
        N_("{field} is {value}, which is no date and time: it was set to unknown."),
    ),
    "received_in_future": ("refused", N_("{field} is {value}, which is still to come: correct it.")),
    "moment_in_future": ("repaired", N_("{field} is {value}, which is still to come: it was set to unknown.")),
    "moment_before_received": (
        "repaired",
        N_("{field} is {value}, before the request came ({received}): it was set to unknown."),
    ),
    "closing_time_unknown": (
        "repaired",
        N_(
            "The request is closed, but no time tells when: the last known time was taken; how long it took is unknown."
        ),
    ),
    "closed_but_open": ("repaired", N_("The status {value} says open, but a closing time is given: it was left out.")),
    "status_unknown": (
        "repaired",
        N_("The status {value} is not known here: it was told by the times. Name it with --map status:{value}=closed."),
    ),
    "category_unknown": ("repaired", N_("The category {value} is not known here: the request was put under Other.")),
    "categories_unknown": (
        "accepted",
        N_('Categories that are not known here: {listed}. Name one with --map "category:{example}=rubbish".'),
    ),
    "category_missing": ("accepted", N_("Rows without a category: {count}. They were put under Other.")),
    "channels_unknown": (
        "accepted",
        N_("Channels that are not known here: {listed}. They count as {channel}; name one with --map."),
    ),
    "request_twice": ("refused", N_("The number {value} stands in row {first} already: the first one was kept.")),
    "request_number_made": (
        "accepted",
        N_("Rows without a number of the other system: {count}. Numbers were made from what they say."),
    ),
    "request_in_two": (
        "repaired",
        N_("The point lies in {count} communities: {community} was taken. Draw their outlines apart."),
    ),
    "request_other_community": (
        "accepted",
        N_("The row says {own}, but its point lies in {community}: the place was taken. Check which one is wrong."),
    ),
    "request_outside": (
        "accepted",
        N_("The point lies in no community; the row's own, {own}, was taken. Check the point or the outline."),
    ),
    "request_outside_all": (
        "refused",
        N_("The point lies in no community, and the row names none: draw the community, or give its code."),
    ),
    "request_no_point": (
        "accepted",
        N_("The row has no point: it belongs to {own}, but does not show on the map."),
    ),
    "request_no_place": (
        "refused",
        N_("The row has no point, no door that is on the map, and names no community: add one of them."),
    ),
    "community_not_here": ("accepted", N_("The community {value} is not known here: the place of the row decided.")),
    "request_worked_on": (
        "accepted",
        N_("Request {value} has moved on in the file, but somebody has worked on it here: it stays as it is here."),
    ),
    "request_place_gone": ("refused", N_("The place of the row was closed meanwhile: read the file again.")),
    "call_back_incomplete": (
        "repaired",
        N_("The call-back does not tell both whether it was solved and how satisfied they are: it was left out."),
    ),
    "history_unread": ("repaired", N_("A step in the history has no time that can be read: it was left out.")),
}
