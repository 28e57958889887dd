/** Ways to bring a file in, a document or one of another program: a button, and dropping it anywhere on the page. */
import { useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "react-aria-components";
import { Icon } from "../ui/Icon";

type OnFiles = (files: readonly File[]) => void;

export function ImportButton({ onFiles, disabled }: { onFiles: OnFiles; disabled: boolean }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button className="button" onPress={() => input.current?.click()} isDisabled={disabled}>
        <Icon name="upload" />
        {t("home.import")}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".grist,.csv,.tsv,.dsv,.tab,.txt,.xlsx,.xlsm,.xls,.ods,.json"
        multiple
        hidden
        data-testid="import-file"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </>
  );
}

function holdsFiles(event: React.DragEvent): boolean {
  return event.dataTransfer.types.includes("Files");
}

export function DropZone({ onFiles, children }: { onFiles: OnFiles; children: ReactNode }) {
  const { t } = useTranslation();
  const [depth, setDepth] = useState(0);
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the button does the same by keyboard
    <div
      className="drop-zone"
      onDragEnter={(event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        setDepth((value) => value + 1);
      }}
      onDragOver={(event) => holdsFiles(event) && event.preventDefault()}
      onDragLeave={(event) => holdsFiles(event) && setDepth((value) => Math.max(0, value - 1))}
      onDrop={(event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        setDepth(0);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {depth > 0 ? (
        <div className="drop-hint">
          <Icon name="upload" />
          {t("home.drop")}
        </div>
      ) : null}
    </div>
  );
}
