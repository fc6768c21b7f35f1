/** One event: its raw record as it was delivered. */
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import { useParams } from "react-router";

import { short } from "../text/visible";
import { RawRecord } from "../incident/RawRecord";

export default function EventPage() {
  const { id = "" } = useParams();
  return (
    <ContentLayout header={<Header variant="h1">Event {short(id, 80)}</Header>}>
      <Container>
        <RawRecord key={id} id={id} />
      </Container>
    </ContentLayout>
  );
}
