/** A moment, shown in the zone that was chosen, with the other one at hand. */
import { useSettings } from "../shell/settings";
import { formatTime } from "./format";

export function Time({ at }: { at: string | undefined }) {
  const { zone } = useSettings();
  if (at === undefined || at === "") {
    return <>–</>;
  }
  const other = formatTime(at, zone === "utc" ? "local" : "utc");
  return (
    <time dateTime={at} title={other} className="time">
      {formatTime(at, zone)}
    </time>
  );
}
