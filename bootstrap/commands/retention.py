"""``istmo retention``: what is older than the retention. It deletes nothing."""

from bootstrap.commands.session import Installation, run_with_container
from bootstrap.commands.speaking import say, say_table
from core.issue_time import panama_date
from core.use_cases.list_past_retention import ListPastRetention, RetentionList


def retention() -> None:
    """List what is older than ISTMO_RETENTION_YEARS, per taxpayer and fiscal year. Deletes nothing."""

    async def act(container: Installation) -> RetentionList:
        return await (await container.get(ListPastRetention))()

    made = run_with_container(act)
    say(f"kept: everything issued since {panama_date(made.kept_since)}; older documents, which need not be kept:")
    say_table(
        ["tenant", "year", "documents", "bytes of files"],
        [(each.tenant_id, str(each.year), str(each.documents), str(each.file_bytes)) for each in made.past],
    )
    say("Nothing was deleted, and Istmo deletes nothing by its age.")
