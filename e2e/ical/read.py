"""Reads a feed with icalendar and its zones with icalendar and dateutil; prints what they understood. See ical_test.go."""
import datetime
import io
import json
import sys

from dateutil import rrule, tz
from icalendar import Calendar

question = json.load(sys.stdin)
calendar = Calendar.from_ical(question["feed"])
dateutils = tz.tzical(io.StringIO(question["feed"].replace("\r\n", "\n")))


def seconds(t):
    return int(t.timestamp())


def excepted(event):
    dates = event.get("EXDATE", [])
    if not isinstance(dates, list):
        dates = [dates]
    return [d.dt for each in dates for d in each.dts]


def dates(event):
    """The recurrence, on the wall clock of the event, with the zone that stands in the feed."""
    if "RRULE" not in event:
        return None
    start = event.decoded("DTSTART").replace(tzinfo=dateutils.get(event["DTSTART"].params["TZID"]))
    rule = rrule.rrulestr(event["RRULE"].to_ical().decode(), dtstart=start)
    out = {seconds(d) for d in excepted(event)}
    return [s for s in (seconds(rule[i]) for i in range(question["first"])) if s not in out]


def read(event):
    return {
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "summary": str(event["SUMMARY"]),
        "location": str(event.get("LOCATION", "")),
        "description": str(event.get("DESCRIPTION", "")),
        "status": str(event["STATUS"]),
        "zone": event["DTSTART"].params.get("TZID", ""),
        "start": seconds(event.decoded("DTSTART")),
        "end": seconds(event.decoded("DTEND")),
        "dates": dates(event),
    }


def instants():
    for zone in calendar.walk("VTIMEZONE"):
        name = str(zone["TZID"])
        theirs, others = zone.to_tz(), dateutils.get(name)
        for wall in question["walls"][name]:
            t = datetime.datetime.fromisoformat(wall)
            yield {"zone": name, "wall": wall, "icalendar": seconds(theirs.localize(t)), "dateutil": seconds(t.replace(tzinfo=others))}


json.dump({
    "name": str(calendar["X-WR-CALNAME"]),
    "events": [read(e) for e in calendar.walk("VEVENT")],
    "instants": list(instants()),
}, sys.stdout)
