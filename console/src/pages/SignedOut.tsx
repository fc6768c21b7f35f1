/** What is shown to somebody who is not signed in: how to. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";

import { ApiError, address } from "../api/client";
import { ways } from "../api/queries";
import { Untrusted } from "../text/Untrusted";

export function SignedOut({ failure }: { failure: Error | null | undefined }) {
  const found = useQuery(ways());
  // That nobody is signed in is what the page says anyhow.
  const isPlain = failure instanceof ApiError && failure.code === "not_signed_in";
  return (
    <main className="signed-out">
      <img src="/mark.svg" alt="" width={56} height={56} />
      <Container header={<Header variant="h1">You are not signed in</Header>}>
        <SpaceBetween size="m">
          <Box variant="p">
            Open the address that <code>rolecall serve</code> printed when it began. It holds a token that works once;
            start the program again for a new one.
          </Box>
          {found.data?.oidc === true && (
            <Button variant="primary" href={address("/sign-in")}>
              Sign in with your identity provider
            </Button>
          )}
          {failure != null && !isPlain && (
            <Box variant="p" color="text-status-error">
              <Untrusted text={failure.message} />
            </Box>
          )}
        </SpaceBetween>
      </Container>
    </main>
  );
}
