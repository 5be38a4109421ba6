"""What the terminal shows: a progress bar, a few screens as members see them, the table at the end."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from sandbox.screen import Screen

WIDTH = 100


class Theatre:
    """Where the audience sits: prints above a progress bar."""

    def __init__(self, console: Console | None = None) -> None:
        """Use that console, or this terminal."""
        self.console = console or Console(highlight=False)
        self.progress = Progress(
            TextColumn("[bold]{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
        )
        self._task = self.progress.add_task("Doors open", total=1)

    def act(self, title: str) -> None:
        """A heading: what happens now."""
        self.console.print()
        self.console.rule(f"[bold cyan]{escape(title)}", align="left")

    def steps(self, description: str, total: int) -> None:
        """Begin to count something."""
        self.progress.reset(self._task, description=description, total=total)

    def step(self, description: str | None = None) -> None:
        """One of them is done."""
        self.progress.update(self._task, advance=1, description=description)

    def show(self, who: str, did: str, screen: Screen | None) -> None:
        """One screen, as that person sees it."""
        if screen is None:
            return
        width = min(WIDTH, self.console.width)
        title = f"[bold]{escape(who)}[/bold] {escape(did)}"
        body = escape(str(screen).strip())
        self.console.print(Panel(body, title=title, title_align="left", border_style="dim", width=width))

    def say(self, line: str) -> None:
        """One plain line."""
        self.console.print(escape(line))

    def table(self, title: str, rows: Sequence[tuple[str, object]]) -> None:
        """The numbers at the end."""
        table = Table(title=title, title_justify="left", show_header=False)
        for name, value in rows:
            table.add_row(name, str(value))
        self.console.print()
        self.console.print(table)

    def promises(self, kept: Sequence[str], broken: Sequence[str]) -> None:
        """Each promise with ✔ or ✖; of a broken one, its first few breaches."""
        for line in kept:
            self.console.print(f"[green]✔[/green] {escape(line)}")
        for line in broken:
            self.console.print(f"[red]✖ {escape(line)}[/red]")
