"""`make site`: uploads the picker and invalidates CloudFront's copies of the version before."""

import argparse
import sys
import time
from pathlib import Path

from deploy.account import Account, client
from deploy.stack import Stack, live
from deploy.terminal import StoppedError, parser, run, say
from publishing.site_files import headers

SITE = Path(__file__).parents[1] / "static_site"
PAGE = "index.html"


def read_site(folder: Path = SITE) -> list[Path]:
    """Its files, the page last: until it is uploaded, browsers load the old page, whose files are all still there.

    :raises StoppedError: there is no page in it
    """
    hidden = {path for path in folder.rglob("*") if any(p.startswith(".") for p in path.relative_to(folder).parts)}
    files = [path for path in folder.rglob("*") if path.is_file() and path not in hidden]
    if folder / PAGE not in files:
        raise StoppedError(f"There is no {folder / PAGE}: the picker can't be uploaded without its page.")
    return sorted(files, key=lambda file: (file == folder / PAGE, file))


def upload(stack: Stack, folder: Path = SITE) -> None:
    """Deletes files that are not in the folder, except portraits: characters of an earlier cast stay in the table.

    :raises StoppedError: there is no page to upload
    """
    files, names = read_site(folder), stack.resources()
    bucket, s3 = names["SiteBucket"], client("s3")
    keys = {file.relative_to(folder).as_posix() for file in files}
    for file in files:
        key = file.relative_to(folder)
        sent = headers(key)
        s3.put_object(
            Bucket=bucket,
            Key=key.as_posix(),
            Body=file.read_bytes(),
            ContentType=sent["Content-Type"],
            CacheControl=sent["Cache-Control"],
        )
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    there = {each["Key"] for page in pages for each in page.get("Contents", [])}
    gone = sorted(key for key in there - keys if not key.startswith("avatars/"))
    for key in gone:
        s3.delete_object(Bucket=bucket, Key=key)
    say(f"{len(files)} files of the picker are in {bucket}" + (f"; removed: {', '.join(gone)}" if gone else ""))
    client("cloudfront").create_invalidation(
        DistributionId=names["Site"],
        InvalidationBatch={"CallerReference": str(time.time_ns()), "Paths": {"Quantity": 1, "Items": ["/*"]}},
    )
    say("CloudFront serves the new ones within a minute or two.")


def main(options: argparse.Namespace) -> None:
    Account.open()
    upload(live(options.stack))


if __name__ == "__main__":
    sys.exit(run(main, parser("site", "Upload the picker and invalidate CloudFront's copies.").parse_args()))
