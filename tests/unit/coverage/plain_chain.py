"""The duty chain once more, door group by door group in plain words, to compare the arrays with."""

from typing import NamedTuple

from geo.coverage.duty_inputs import NO_POST, VACANT, DutyInputs, Flag, Gap, Limits, Service


class Group(NamedTuple):
    building: int
    unit: int | None
    households: int
    unknown: bool
    head: int
    days_left: int
    above: int


def groups(inputs: DutyInputs) -> list[Group]:
    places, heads = inputs.places, inputs.heads
    found = []
    for unit, building in enumerate(places.unit_building.tolist()):
        known, total = int(places.unit_households[unit]), int(places.building_households[building])
        own = int(heads.unit_head[unit])
        of_building = int(heads.building_head[building])
        mine = own >= 0
        found.append(
            Group(
                building,
                unit,
                max(known, 0),
                known < 0 and total < 0,
                own if mine else of_building,
                int(heads.unit_days_left[unit] if mine else heads.building_days_left[building]),
                of_building if mine else VACANT,
            )
        )
    for building, total in enumerate(places.building_households.tolist()):
        inside = [unit for unit, at in enumerate(places.unit_building.tolist()) if at == building]
        rest = total - sum(max(int(places.unit_households[unit]), 0) for unit in inside)
        if inside and (total < 0 or rest <= 0):
            continue
        head = int(heads.building_head[building])
        unclear = any(places.unit_households[unit] < 0 and heads.unit_head[unit] >= 0 for unit in inside)
        head = NO_POST if head == VACANT and unclear else head
        days = int(heads.building_days_left[building])
        found.append(Group(building, None, max(rest, 0) if total >= 0 else 0, total < 0, head, days, VACANT))
    return found


def serving(service: Service, inputs: DutyInputs, building: int) -> list[int]:
    compound, community = inputs.places.building_compound[building], inputs.places.building_community[building]
    return [
        one
        for one in range(len(service.lead))
        if (service.compound[one] == compound and compound >= 0)
        or (service.compound[one] < 0 and service.community[one] == community and community >= 0)
    ]


def crew(service: Service, one: int) -> set[int]:
    lead = int(service.lead[one])
    members = {int(person) for person in service.members[service.indptr[one] : service.indptr[one + 1]]}
    return members | ({lead} if lead >= 0 else set())


def loads(inputs: DutyInputs, found: list[Group]) -> tuple[list[int], list[int]]:
    load, uncounted = [0] * inputs.persons, [0] * inputs.persons
    for group in found:
        if group.head >= 0:
            load[group.head] += group.households
            uncounted[group.head] += group.unknown
    return load, uncounted


def flags(inputs: DutyInputs, limits: Limits) -> list[tuple[Group, Flag]]:
    found = groups(inputs)
    load, uncounted = loads(inputs, found)
    answers = []
    for group in found:
        if group.head < 0:
            answers.append((group, Flag.UNKNOWN if group.head == NO_POST else Flag.NO_HEAD))
            continue
        flag = Flag(0)
        if group.days_left <= limits.ending_days:
            flag |= Flag.TERM_ENDING
        if load[group.head] > limits.alarm_households:
            flag |= Flag.OVERLOADED
        compound = inputs.places.building_compound[group.building]
        near = {
            other.head
            for other in found
            if other.building == group.building
            or (compound >= 0 and inputs.places.building_compound[other.building] == compound)
        }
        able = {
            head
            for head in near
            if head >= 0 and not uncounted[head] and load[head] + max(group.households, 1) <= limits.alarm_households
        }
        people = {
            person
            for service in (inputs.stations, inputs.teams)
            for one in serving(service, inputs, group.building)
            for person in crew(service, one)
        }
        above = {group.above} if group.above >= 0 else set()
        if not (able | people | above) - {group.head}:
            flag |= Flag.SINGLE_POINT
        answers.append((group, flag))
    return answers


ORDER = (
    (Flag.NO_HEAD, Gap.NO_HEAD),
    (Flag.TERM_ENDING, Gap.TERM_ENDING),
    (Flag.OVERLOADED, Gap.OVERLOADED),
    (Flag.SINGLE_POINT, Gap.SINGLE_POINT),
    (Flag.UNKNOWN, Gap.UNKNOWN),
)


def gap(flag: Flag) -> Gap:
    return next((found for mark, found in ORDER if flag & mark), Gap.COVERED)
