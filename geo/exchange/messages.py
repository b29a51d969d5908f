"""What each finding means: its outcome and the sentence shown, which says what to do."""

from geo.exchange.request_messages import REQUEST_MESSAGES
from geo.i18n import N_
from geo.people.volunteer_rules import WEEKDAY_LABELS

MESSAGES: dict[str, tuple[str, str]] = {
    "read_by_content": (
        "accepted",
        N_("The file's name ends in {suffix}, but its content is {format}: it was read as {format}."),
    ),
    "encoding": ("accepted", N_("The text was read as {encoding}.")),
    "header_below_title": (
        "accepted",
        N_("The column names were found in row {header_row}; the rows above were taken as a title."),
    ),
    "column_twice": (
        "accepted",
        N_(
            "The column name {column} stands twice: the first was used, {other} was not. Delete or rename the one "
            "that is not meant."
        ),
    ),
    "code_not_key": (
        "accepted",
        N_("The column {column} repeats its values, so it is no key: codes were made from the geometry."),
    ),
    "code_made": ("accepted", N_("Rows without a code: {count}. Their codes were made from the geometry.")),
    "crs_differs": ("accepted", N_("The file says {declared}, but it was read as {datum}, as asked.")),
    "datum_unchecked": (
        "accepted",
        N_("The map holds nothing to check the datum {datum} against: look at the preview before accepting."),
    ),
    "datum_doubtful": (
        "accepted",
        N_("As {claimed} the rows lie {claimed_m} m from the map, as {other} only {other_m} m: check the datum."),
    ),
    "datum_on_roads": (
        "accepted",
        N_(
            "As {claimed} {claimed_share} % of the outlines stand on roads, as {other} {other_share} %: "
            "check the datum."
        ),
    ),
    "datum_cuts": (
        "accepted",
        N_(
            "As {claimed} the outlines hold {claimed_whole} places of the map and cut through {claimed_cut}, as "
            "{other} they hold {other_whole} and cut through {other_cut}: check the datum."
        ),
    ),
    "datum_across": (
        "accepted",
        N_(
            "As {claimed} {claimed_whole} of the rows lie inside an outline of the map and {claimed_cut} across one, "
            "as {other} {other_whole} inside and {other_cut} across: check the datum."
        ),
    ),
    "datum_on_streets": (
        "accepted",
        N_(
            "As {claimed} main roads lead through the outlines at {claimed_cut} points and past them at "
            "{claimed_whole}, as {other} through at {other_cut} and past at {other_whole}: check the datum."
        ),
    ),
    "nodes_missing": ("repaired", N_("Parts of the way lie outside the file; they were left out.")),
    "relation_incomplete": ("refused", N_("The outline's parts are not all in the file: take a larger extract.")),
    "code_counter": (
        "accepted",
        N_("The column {column} only counts the rows, so it is no key: codes were made from the geometry."),
    ),
    "merged_cells": ("accepted", N_("Cells of merged rows that took the value the merge shows: {count}.")),
    "row_short": ("refused", N_("The row has {found} cells, the header has {expected}: check quotes and separators.")),
    "row_not_json": ("refused", N_("The line is no whole GeoJSON feature: export the file again.")),
    "geometry_unreadable": (
        "refused",
        N_("The geometry in {field} cannot be read: draw it again or correct the cell."),
    ),
    "ring_closed": ("repaired", N_("The outline was not closed; its first point was added at the end.")),
    "geometry_missing": ("refused", N_("The row has no geometry. Add it, or a code that is already on the map.")),
    "geometry_type": ("refused", N_("The row is a {found}, but a {wanted} is needed: draw it as a {wanted}.")),
    "coordinates_not_finite": ("refused", N_("A coordinate is not a number or impossibly large: correct it.")),
    "off_globe": (
        "refused",
        N_(
            "The coordinates {lon}, {lat} are not on the globe: check the datum and the order of longitude "
            "and latitude."
        ),
    ),
    "far_outside": (
        "refused",
        N_("The row lies {distance_km} km outside the city: check its coordinates or the datum."),
    ),
    "outside_use": (
        "refused",
        N_("The row lies outside the area where {crs} is used: check its coordinates or the datum."),
    ),
    "far_apart": (
        "refused",
        N_("The rows lie {distance_km} km apart, too far for one city: check their coordinates."),
    ),
    "lon_lat_swapped": ("repaired", N_("Longitude and latitude were swapped; they were put in order.")),
    "z_dropped": ("repaired", N_("Heights in the coordinates were dropped.")),
    "ring_repaired": ("repaired", N_("The outline was invalid ({reason}); it was repaired and covers {area_m2} m².")),
    "ring_not_repairable": (
        "refused",
        N_("The outline is invalid ({reason}) and nothing is left after the repair: draw it again."),
    ),
    "parts_dropped": ("repaired", N_("Points and lines beside the outline were dropped.")),
    "closed_line": ("repaired", N_("A closed line was taken as an outline.")),
    "point_of_outline": ("repaired", N_("An outline was given; a point inside it was taken.")),
    "sliver": ("refused", N_("The outline covers only {area_m2} m²: draw the whole outline.")),
    "simplified": ("repaired", N_("The outline had {before} points, more than {limit}; it was simplified to {after}.")),
    "too_many_vertices": ("refused", N_("The outline has {before} points, more than {limit}: simplify it.")),
    "line_too_short": ("refused", N_("The line has no length: draw it again.")),
    "duplicate_row": ("repaired", N_("The same as row {first}: it was kept once.")),
    "duplicate_code": (
        "refused",
        N_("The code {value} is already used by row {first} at another place: give it its own code."),
    ),
    "code_reserved": (
        "refused",
        N_("The code {value} is kept for places that are not assigned yet: give the row its own code."),
    ),
    "pieces_joined": ("repaired", N_("The pieces with the code {value} were joined to one outline in row {first}.")),
    "label_used": ("repaired", N_("The point lies in the outline of row {target} and was used as its label.")),
    "label_named": ("repaired", N_("{field} {value} was taken from the label point in row {source}.")),
    "label_alone": ("refused", N_("The point lies in no outline of the file: draw the outline.")),
    "point_no_outline": ("repaired", N_("A point is no outline: the row is listed without one until it is drawn.")),
    "default_geocode": (
        "repaired",
        N_(
            "{count} rows with {addresses} different addresses share this point, which is no place: the "
            "point was dropped."
        ),
    ),
    "default_geocode_refused": (
        "refused",
        N_("{count} rows with {addresses} different addresses share this point, which is no place: give the real one."),
    ),
    "located_by_address": ("repaired", N_("The row had only an address; it was placed at {place}.")),
    "address_unknown": (
        "refused",
        N_("The address {value} is not on the map. Nearest: {proposals}. Give a point or correct the address."),
    ),
    "required_missing": ("refused", N_("{field} is missing: fill it in.")),
    "not_a_number": ("repaired", N_("{field} is {value}, which is not a number: it was set to unknown.")),
    "number_rounded": ("repaired", N_("{field} {value} was rounded to a whole number.")),
    "implausible": ("repaired", N_("{field} is {value}, outside {low} to {high}: it was set to unknown.")),
    "not_a_choice": ("repaired", N_("{field} is {value}, which is none of {choices}: it was set to unknown.")),
    "not_a_date": ("repaired", N_("{field} is {value}, which is not a date: it was set to unknown.")),
    "not_yes_no": ("repaired", N_("{field} is {value}, neither yes nor no: it was set to unknown.")),
    "text_hidden": (
        "refused",
        N_("{field} holds control signs nobody sees ({value}): type it anew."),
    ),
    "text_hidden_unknown": (
        "repaired",
        N_("{field} holds control signs nobody sees ({value}): it was set to unknown. Type it anew."),
    ),
    "text_too_long": (
        "refused",
        N_("{field} is longer than {most} characters ({value}): shorten it."),
    ),
    "text_too_long_unknown": (
        "repaired",
        N_("{field} is longer than {most} characters ({value}): it was set to unknown. Shorten it."),
    ),
    "level_unknown": (
        "refused",
        N_(
            "The level of {value} is not clear from its code: add a column level (city, district, "
            "street_office, community, grid)."
        ),
    ),
    "code_canonical": ("repaired", N_("The code {value} was written as {official}.")),
    "place_unmatched": (
        "refused",
        N_("{value} matches no place. Nearest: {proposals}. Write the address or code as on the map."),
    ),
    "place_ambiguous": (
        "refused",
        N_("{value} matches more than one place: {proposals}. Add the compound or the code."),
    ),
    "post_assumed": ("accepted", N_("The row names no post: that of the head of its building or unit was taken.")),
    "post_vacant": ("accepted", N_("The row names nobody: the post stays as it is, held or vacant.")),
    "day_unreadable": (
        "refused",
        N_("{field} is {value}, which is no day: write it like 2024-05-01, 2024/5/1 or 2024年5月1日, or empty it."),
    ),
    "dates_turned": ("refused", N_("The term ends {to_on} before it begins {from_on}: correct the dates.")),
    "from_assumed": ("repaired", N_("The row names no first day: the day of the import is taken.")),
    "seat_taken": (
        "refused",
        N_("{holder} has held this post since {since}: end that term first, or give a later first day."),
    ),
    "seat_twice": ("refused", N_("Row {first} already fills this post at that time: keep one of the two rows.")),
    "parent_unknown": (
        "accepted",
        N_(
            "{field} {value} is not known here: the row was placed by its location, or waits until that "
            "place is imported."
        ),
    ),
    "waits_for_parent": (
        "accepted",
        N_("Rows in no known compound or community: {count}. They wait as not assigned until those are imported."),
    ),
    "parent_missing": (
        "refused",
        N_("The row belongs to nothing that is on the map: give {field}, or import the place it belongs to."),
    ),
    "number_twice": ("refused", N_("The same {field} stands twice in the same place: give each its own.")),
    "outside_parent": (
        "accepted",
        N_("Only {percent} % of it lies inside {parent}: check which of the two outlines is wrong."),
    ),
    "unit_unmatched": (
        "repaired",
        N_("The unit is not on the map, its building is: the row stands there. Import the units, or correct it."),
    ),
    "volunteer_no_place": (
        "accepted",
        N_("The row names no door: nobody is paired with this volunteer until the place is known. Add the building."),
    ),
    "hours_missing": (
        "repaired",
        N_("The row tells no hours a week: 0 was written. Ask, then correct it on the volunteer's card."),
    ),
    "words_unknown": (
        "repaired",
        N_("{field}: {value} means nothing here and was left out. Known: {choices}."),
    ),
    "times_unreadable": (
        "repaired",
        N_(
            "{field} is {value}, which cannot be read: it was set to unknown. Write it like "
            "周一 09:00-11:30; 周三 14:00-16:00."
        ),
    ),
    "times_overlap": ("repaired", N_("{day}: {first} and {second} overlap; they were made one time.")),
    "team_unknown": (
        "repaired",
        N_("There is no team {value} in this community: it was left out. Import the organisations, or correct it."),
    ),
    "team_kind_of_no_team": ("repaired", N_("Only a volunteer team has a kind of team: it was left out.")),
    "community_unknown": (
        "refused",
        N_("The row names no door and no community that is known: give the building, or the code of the community."),
    ),
    "volunteer_twice": ("refused", N_("Row {first} names the same person: keep one of the two rows.")),
    "volunteer_known": (
        "refused",
        N_("This person is a volunteer already, with another offer: change it on their card, or delete the row."),
    ),
    "need_no_place": ("refused", N_("The row names no door: give the building, its code or its address.")),
    "tasks_missing": (
        "refused",
        N_("The row names no help that is known: give one or more of visit, shopping, medicine, meal."),
    ),
    "person_unnamed": (
        "repaired",
        N_("The row names nobody: number and notes were left out. Give the name, or record the person later."),
    ),
    "room_unmatched": (
        "repaired",
        N_("The room is not on the map: the need stands at its unit or building. Import households, or correct it."),
    ),
    "need_known": (
        "accepted",
        N_("A need with the same help is recorded at this door ({number}): it was not added again."),
    ),
    "second_city": ("refused", N_("This is a second city; one database holds one city.")),
    **REQUEST_MESSAGES,
}

WORDS: dict[str, str] = {
    **{label: label for label in WEEKDAY_LABELS},
    "point": N_("point"),
    "points": N_("points"),
    "line": N_("line"),
    "lines": N_("lines"),
    "outline": N_("outline"),
    "outlines": N_("outlines"),
    "collection": N_("collection"),
    "Self-intersection": N_("its sides cross"),
    "Ring Self-intersection": N_("its side touches itself"),
    "Hole lies outside shell": N_("a hole lies outside"),
    "Holes are nested": N_("a hole lies in a hole"),
    "Nested shells": N_("an outline lies in another"),
    "Interior is disconnected": N_("its inside falls apart"),
    "Duplicate Rings": N_("a ring is given twice"),
    "Too few points in geometry component": N_("it has too few points"),
}
