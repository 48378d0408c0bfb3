"""`make chaos`: thousands of messages through the real stack while its parts are killed, cut off and slowed down."""

import argparse
import asyncio
import logging
import sys
import time


def main() -> int:
    # Imported here, so that importing this module costs nothing.
    from local.chaos.run import Size, run  # noqa: PLC0415 - see above

    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="repeats a run (default: the current time)")
    parser.add_argument("--messages", type=int, default=Size.messages)
    parser.add_argument("--chats", type=int, default=Size.chats)
    parser.add_argument("--flood", action="store_true", help="no faults, but floods of messages beyond the limits")
    parser.add_argument("--accounts", type=int, default=1000, help="of the flood")
    options = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    if options.flood:
        return flood(options.messages, options.accounts)
    size = Size(chats=options.chats, messages=options.messages)
    started = time.monotonic()
    verdict = asyncio.run(run(size, options.seed, lambda line: print(f"  {line}", flush=True)))
    print(f"\nseed {options.seed}, {time.monotonic() - started:.0f} s\n")
    print("\n".join(verdict.as_lines()))
    if verdict.wrong:
        print("\nWRONG:", *verdict.wrong, f"\nAgain: make chaos ARGS='--seed {options.seed} ...'", sep="\n  ")
        return 1
    print("\nNothing was lost, out of order, or shown twice outside the window.")
    return 0


def flood(messages: int, accounts: int) -> int:
    """The flood of accounts twice: where nobody gives way, and where newcomers do."""
    from local.chaos.flood import Size, run  # noqa: PLC0415 - as in main

    is_wrong = False
    for forged, hours, title in ((0, 0, "nobody gives way"), (messages, 24, "newcomers give way")):
        print(f"{title} (NEWCOMER_HOURS={hours})", flush=True)
        size = Size(forged=forged, accounts=accounts)
        found = asyncio.run(run(size, lambda line: print(f"  {line}", flush=True), {"NEWCOMER_HOURS": str(hours)}))
        print("\n".join(["", *found.as_lines(), ""]))
        is_wrong = is_wrong or found.asked > found.allowed or found.lost > 0
    return int(is_wrong)


if __name__ == "__main__":
    sys.exit(main())
