/** What is wrong with everything that is shown: above the page, which stays as it is. */
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery, useQueryClient } from "@tanstack/react-query";

import { address } from "../api/client";
import { session, ways } from "../api/queries";
import { Untrusted } from "../text/Untrusted";
import { useLive } from "./live";
import { isSignedOut, useStale } from "./stale";

export function Notices() {
  const live = useLive();
  const { error } = useQuery(session());
  const stale = useStale();
  if (isSignedOut(error)) {
    return <SignedOutNotice />;
  }
  if (live !== "off" && stale === undefined) {
    return null;
  }
  return (
    <SpaceBetween size="xs">
      {live === "off" && (
        <Alert type="warning" header="Not live">
          The program does not send news any more: what is shown may be old. It is tried again until it does.
        </Alert>
      )}
      {stale !== undefined && <StaleNotice error={stale} />}
    </SpaceBetween>
  );
}

function StaleNotice({ error }: { error: Error }) {
  const client = useQueryClient();
  return (
    <Alert
      type="warning"
      header="What is shown may be old"
      action={<Button onClick={() => void client.invalidateQueries()}>Try again</Button>}
    >
      It could not be asked for again. <Untrusted text={error.message} />
    </Alert>
  );
}

/** The page stays: somebody may be writing a note. */
function SignedOutNotice() {
  const { data } = useQuery(ways());
  return (
    <Alert
      type="error"
      header="Your session is over"
      action={data?.oidc === true && <Button href={address("/sign-in")}>Sign in again</Button>}
    >
      What is shown is old, and nothing can be saved. Open the address that the program prints at its start.
    </Alert>
  );
}
