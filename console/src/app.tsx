/** Signs in, then shows the page that the address names. */
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { Route, Routes } from "react-router";

import { keepCsrf, post } from "./api/client";
import { session } from "./api/queries";
import type { Session } from "./api/types";
import { CODE, type Code } from "./pages/code";
import { Frame } from "./shell/Frame";
import { Loading } from "./shell/states";
import { UserProvider } from "./shell/user";
import { NotFound } from "./pages/NotFound";
import { SignedOut } from "./pages/SignedOut";

/** The page of `code`: at once where its code is there, and as soon as it is elsewhere. */
function page(code: Code) {
  const Later = lazy(code.load);
  return function Page() {
    // Not another one in the middle of what somebody writes.
    const [Shown] = useState(() => code.loaded ?? Later);
    return <Shown />;
  };
}

const OverviewPage = page(CODE.overview);
const IncidentsPage = page(CODE.incidents);
const IncidentPage = page(CODE.incident);
const EventPage = page(CODE.event);
const AuditPage = page(CODE.audit);
const SettingsPage = page(CODE.settings);
const SourcesPage = page(CODE.sources);
const SubjectPage = page(CODE.subject);
const SuppressionsPage = page(CODE.suppressions);
const SearchPage = page(CODE.search);

export function App({ token }: { token: string | undefined }) {
  const [isExchanged, setExchanged] = useState(token === undefined);
  const [failure, setFailure] = useState<Error>();
  useEffect(() => {
    if (token === undefined) {
      return;
    }
    exchange(token)
      .catch((error: unknown) => setFailure(error instanceof Error ? error : undefined))
      .finally(() => setExchanged(true));
  }, [token]);
  const signedIn = useQuery({ ...session(), enabled: isExchanged });
  if (signedIn.data !== undefined) {
    keepCsrf(signedIn.data.csrf);
    return <Pages user={signedIn.data} />;
  }
  if (!isExchanged || signedIn.isPending) {
    return <Loading what="the console" />;
  }
  return <SignedOut failure={failure ?? signedIn.error} />;
}

let exchanged: Promise<unknown> | undefined;

/** The token works once, and development mounts everything twice. */
function exchange(token: string): Promise<unknown> {
  exchanged ??= post<Session>("/session", { token });
  return exchanged;
}

function Pages({ user }: { user: Session }) {
  return (
    <UserProvider user={user}>
      <Frame user={user}>
        <Suspense fallback={<Loading what="the page" />}>
          <Routes>
            <Route path="/" element={<OverviewPage />} />
            <Route path="/incidents" element={<IncidentsPage />} />
            <Route path="/incidents/:id" element={<IncidentPage />} />
            <Route path="/events/:id" element={<EventPage />} />
            <Route path="/search" element={<SearchPage />} />
            <Route path="/subjects/:kind/:id" element={<SubjectPage />} />
            <Route path="/suppressions" element={<SuppressionsPage />} />
            <Route path="/sources" element={<SourcesPage />} />
            <Route path="/settings" element={<SettingsPage />} />
            <Route path="/audit" element={<AuditPage />} />
            <Route path="*" element={<NotFound />} />
          </Routes>
        </Suspense>
      </Frame>
    </UserProvider>
  );
}
