/** Draws the console. */
import "@cloudscape-design/global-styles/index.css";
import "@xyflow/react/dist/style.css";
import "./style/base.css";
import "./style/graph.css";
import "./style/incident.css";

import { I18nProvider } from "@cloudscape-design/components/i18n";
import messages from "@cloudscape-design/components/i18n/messages/all.en";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";

import { App } from "./app";
import { ApiError } from "./api/client";
import { takeFirst } from "./api/first";
import { SettingsProvider, wear } from "./shell/settings";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      retry: (n, error) => n < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});

/** Draws the page of the address, for whoever is signed in or has a `token`; `code` is what it waits for. */
export async function show(token: string | undefined, code: Promise<unknown> | undefined): Promise<void> {
  wear();
  await Promise.allSettled([code, token === undefined ? takeFirst(client, window.location) : undefined]);
  const root = document.getElementById("root");
  if (root !== null) {
    createRoot(root).render(
      <StrictMode>
        <QueryClientProvider client={client}>
          <SettingsProvider>
            <I18nProvider locale="en" messages={[messages]}>
              <BrowserRouter>
                <App token={token} />
              </BrowserRouter>
            </I18nProvider>
          </SettingsProvider>
        </QueryClientProvider>
      </StrictMode>,
    );
  }
}
