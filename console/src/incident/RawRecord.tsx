/** The raw record of an event, as text. */
import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import { useQuery } from "@tanstack/react-query";

import { rawEvent } from "../api/queries";
import { Failed, Loading } from "../shell/states";
import { Untrusted } from "../text/Untrusted";

export function RawRecord({ id }: { id: string }) {
  const found = useQuery(rawEvent(id));
  if (found.isPending) {
    return <Loading what="the record" />;
  }
  if (found.isLoadingError) {
    return <Failed error={found.error} what="the raw record" retry={() => void found.refetch()} />;
  }
  const text = JSON.stringify(found.data.record, null, 2);
  return (
    <div className="raw">
      <div className="raw-head">
        <Box variant="small" color="text-body-secondary">
          <Untrusted text={`${found.data.source.name}: ${found.data.source.object}`} foldAt={160} />
        </Box>
        <CopyToClipboard
          variant="icon"
          textToCopy={text}
          copyButtonAriaLabel="Copy the record"
          copySuccessText="Copied"
          copyErrorText="Not copied"
        />
      </div>
      <pre tabIndex={0} aria-label={`Raw record of event ${id}`}>
        {text.split("\n").map((line, index) => (
          <div key={index}>
            <Untrusted text={line} foldAt={2000} />
          </div>
        ))}
      </pre>
    </div>
  );
}
