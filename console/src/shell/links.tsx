/** Links inside the console, which change the page without loading it again. */
import Link, { type LinkProps } from "@cloudscape-design/components/link";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";

interface Followed {
  preventDefault: () => void;
  detail: { href?: string; external?: boolean };
}

/** Follows links of Cloudscape's components. */
export function useFollow(): (event: Followed) => void {
  const navigate = useNavigate();
  return (event) => {
    const { href, external } = event.detail;
    if (href !== undefined && external !== true && href.startsWith("/")) {
      event.preventDefault();
      void navigate(href);
    }
  };
}

export function To({ href, children, ...rest }: { href: string; children: ReactNode } & LinkProps) {
  const follow = useFollow();
  return (
    <Link {...rest} href={href} onFollow={follow}>
      {children}
    </Link>
  );
}
