import type { AnchorHTMLAttributes } from "react";
import { navigate } from "../navigation";

/** A link inside the application; with a modifier key it behaves as any link. */
export function Link({ href, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  return (
    // oxlint-disable-next-line jsx-a11y/anchor-has-content -- the content is handed in
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        navigate(href);
      }}
    />
  );
}
