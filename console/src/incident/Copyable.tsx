/** A value with a button that copies it. */
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";

import { Untrusted } from "../text/Untrusted";
import { short } from "../text/visible";

export function Copyable({ text, name }: { text: string; name: string }) {
  return (
    <span className="copyable">
      <Untrusted text={text} foldAt={200} />
      <CopyToClipboard
        variant="icon"
        textToCopy={text}
        copyButtonAriaLabel={`Copy ${short(name, 60)}`}
        copySuccessText="Copied"
        copyErrorText="Not copied"
      />
    </span>
  );
}
