/** One command in one box, with a button that copies exactly what is shown. */
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";

import type { Command } from "../api/types";
import { Untrusted } from "../text/Untrusted";

interface Props {
  name: string;
  command: Command;
  isMain?: boolean;
}

export function CommandBox({ name, command: { shell }, isMain = false }: Props) {
  return (
    <div className={`command ${isMain ? "is-main" : ""}`}>
      <pre tabIndex={0} aria-label={name}>
        <Untrusted text={shell} foldAt={1200} />
      </pre>
      <CopyToClipboard
        variant="icon"
        textToCopy={shell}
        copyButtonAriaLabel={`Copy ${name}`}
        copySuccessText="Copied"
        copyErrorText="Not copied"
      />
    </div>
  );
}
