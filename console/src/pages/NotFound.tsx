/** An address that names nothing. */
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";

import { To } from "../shell/links";

export function NotFound() {
  return (
    <ContentLayout header={<Header variant="h1">There is no such page</Header>}>
      The address may be mistyped. Go on with the <To href="/incidents">incidents</To>, or search for the key, role or
      event that you are after.
    </ContentLayout>
  );
}
