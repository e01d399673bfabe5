"""What SQS and CloudWatch know of the queues and of the bus."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from chorale.runtime import clock
from chorale.stores.aws import client

WAITING, IN_WORK = "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"
PERIOD = timedelta(minutes=1)
AGE_SEEN_WITHIN = timedelta(minutes=15)
"""How old the last measured age of a queue may be: a queue at rest is not measured."""


def url(name: str) -> str:
    """The URL of the queue with this name."""
    found: str = client("sqs").get_queue_url(QueueName=name)["QueueUrl"]
    return found


def depth(name: str) -> tuple[int, int]:
    """Messages that wait in a queue, and messages in work, as far as SQS knows."""
    read = client("sqs").get_queue_attributes(QueueUrl=url(name), AttributeNames=[WAITING, IN_WORK])["Attributes"]
    return int(read[WAITING]), int(read[IN_WORK])


def oldest_ages(names: Sequence[str], now: datetime) -> dict[str, timedelta]:
    """Age of the oldest message of each queue, as last measured; queues without a measure are left out."""
    asked = {name: ("AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": name}, "Maximum") for name in names}
    measured = _metrics(asked, now, AGE_SEEN_WITHIN)
    return {name: timedelta(seconds=points[0][1]) for name, points in measured.items() if points}


def events_sent(bus: str, now: datetime, within: timedelta) -> tuple[int, datetime | None]:
    """How many events the bus gave to its rules ``within`` the time before ``now``, and in which minute last."""
    asked = {bus: ("AWS/Events", "MatchedEvents", {"EventBusName": bus}, "Sum")}
    points = [point for point in _metrics(asked, now, within)[bus] if point[1]]
    return int(sum(value for _, value in points)), points[0][0] + clock.offset() if points else None


Metric = tuple[str, str, dict[str, str], str]
"""Namespace, name, dimensions, statistic."""


def _metrics(asked: Mapping[str, Metric], now: datetime, within: timedelta) -> dict[str, list[tuple[datetime, float]]]:
    """Measures of each metric, latest first."""
    # Measures carry the real time, however far the hub's clock was moved.
    until = now - clock.offset()
    places = {f"m{place}": name for place, name in enumerate(asked)}
    answer = client("cloudwatch").get_metric_data(
        MetricDataQueries=[_query(place, asked[name]) for place, name in places.items()],
        StartTime=until - within,
        EndTime=until,
        ScanBy="TimestampDescending",
    )
    found: dict[str, list[tuple[datetime, float]]] = {name: [] for name in asked}
    for result in answer["MetricDataResults"]:
        points = zip(result["Timestamps"], result["Values"], strict=True)
        found[places[result["Id"]]] = sorted(points, key=lambda point: point[0], reverse=True)
    return found


def _query(place: str, metric: Metric) -> dict[str, Any]:
    namespace, name, dimensions, statistic = metric
    return {
        "Id": place,
        "MetricStat": {
            "Metric": {
                "Namespace": namespace,
                "MetricName": name,
                "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
            },
            "Period": int(PERIOD.total_seconds()),
            "Stat": statistic,
        },
    }


def ringing_alarms(prefix: str) -> list[tuple[str, str]]:
    """Name and description of the alarms that ring, of those whose name begins with ``prefix``."""
    pages = client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=prefix, StateValue="ALARM")
    return [(alarm["AlarmName"], alarm.get("AlarmDescription", "")) for page in pages for alarm in page["MetricAlarms"]]
