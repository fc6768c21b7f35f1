/** What is shown while an answer is awaited, and where there is none: always with what to do. */
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import type { ReactNode } from "react";

import { ApiError } from "../api/client";
import { Untrusted } from "../text/Untrusted";

export function Loading({ what }: { what: string }) {
  return (
    <div className="awaited" role="status">
      <Spinner /> Loading {what}
    </div>
  );
}

interface FailedProps {
  error: unknown;
  /** What cannot be done, where it is not to show something. */
  verb?: string;
  what: string;
  retry?: () => void;
}

export function Failed({ error, verb = "show", what, retry }: FailedProps) {
  const message = error instanceof Error ? error.message : "It is not known why.";
  return (
    <Alert
      type="error"
      header={`Cannot ${verb} ${what}`}
      action={retry !== undefined && <Button onClick={retry}>Try again</Button>}
    >
      <Untrusted text={message} /> {hint(error)}
    </Alert>
  );
}

export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box textAlign="center" color="inherit" padding={{ vertical: "l" }}>
      <SpaceBetween size="xs">
        <b>{title}</b>
        <Box color="text-body-secondary">{children}</Box>
      </SpaceBetween>
    </Box>
  );
}

function hint(error: unknown): string {
  if (!(error instanceof ApiError)) {
    return "";
  }
  switch (error.status) {
    case 401:
      return "Open the address that the program printed again, or start it anew for a new one.";
    case 403:
      return "Ask whoever runs the program for a role that may do this.";
    default:
      return "";
  }
}
