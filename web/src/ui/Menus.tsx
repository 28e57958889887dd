/** Menus: the actions are data, the look and the keyboard are the same everywhere. */
import { useRef, type ReactNode } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import { Icon, type IconName } from "./Icon";

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly icon?: IconName;
  /** Shown at the end of the line, e.g. "Ctrl+Z". */
  readonly keys?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Opens an address instead of acting. */
  readonly href?: string;
  readonly run?: () => void;
}

export type MenuEntries = readonly (MenuEntry | "separator")[];

function MenuBody({ label, entries, focused = false }: { label: string; entries: MenuEntries; focused?: boolean }) {
  return (
    <Menu className="menu" aria-label={label} {...(focused ? { autoFocus: "first" as const } : {})}>
      {entries.map((entry, at) =>
        entry === "separator" ? (
          // oxlint-disable-next-line no-array-index-key -- separators have no identity of their own
          <Separator key={`separator-${at}`} className="menu-separator" />
        ) : (
          <MenuItem
            key={entry.id}
            id={entry.id}
            className={entry.danger ? "menu-item danger" : "menu-item"}
            isDisabled={entry.disabled ?? false}
            textValue={entry.label}
            {...(entry.href ? { href: entry.href, target: "_self", download: "" } : {})}
            {...(entry.run ? { onAction: entry.run } : {})}
          >
            {entry.icon ? <Icon name={entry.icon} /> : null}
            <span>{entry.label}</span>
            {entry.keys ? <kbd>{entry.keys}</kbd> : null}
          </MenuItem>
        ),
      )}
    </Menu>
  );
}

export interface MenuButtonProps {
  readonly label: string;
  readonly entries: MenuEntries;
  readonly icon?: IconName;
  /** Shown beside the icon; without it the label is the button's name only. */
  readonly children?: ReactNode;
  readonly className?: string;
}

export function MenuButton({ label, entries, icon = "more", children, className }: MenuButtonProps) {
  return (
    <MenuTrigger>
      <Button className={className ?? (children ? "button" : "icon-button")} aria-label={label}>
        <Icon name={icon} />
        {children}
      </Button>
      <Popover className="popover" placement="bottom end">
        <MenuBody label={label} entries={entries} />
      </Popover>
    </MenuTrigger>
  );
}

/** A menu at a place on the screen, e.g. under a cell. */
export function MenuAt({ at, label, entries, onClose }: { at: DOMRect; label: string; entries: MenuEntries; onClose: () => void }) {
  const anchor = useRef<HTMLSpanElement>(null);
  return (
    <>
      <span ref={anchor} aria-hidden="true" style={{ position: "fixed", left: at.left, top: at.top, width: at.width, height: at.height, pointerEvents: "none" }} />
      <Popover className="popover" isOpen onOpenChange={(open) => !open && onClose()} triggerRef={anchor} placement="bottom start">
        <MenuTriggerless onClose={onClose}>
          <MenuBody label={label} entries={entries} focused />
        </MenuTriggerless>
      </Popover>
    </>
  );
}

function MenuTriggerless({ children, onClose }: { children: ReactNode; onClose: () => void }) {
  // oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events -- only hears that an item inside has acted
  return <div onClick={onClose}>{children}</div>;
}
