"""All scenarios, of all parts of the platform."""

from tests.integration.crashes import exchange_scenarios, scenarios, works_scenarios

SCENARIOS = [*scenarios.SCENARIOS, *exchange_scenarios.SCENARIOS, *works_scenarios.SCENARIOS]
