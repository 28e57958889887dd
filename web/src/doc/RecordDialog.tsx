import { useTranslation } from "react-i18next";
import { Button } from "react-aria-components";
import type { GridActions } from "../grid/source";
import type { PageController } from "../store/page";
import type { SectionSource } from "../store/section";
import { DialogFrame } from "../ui/Dialogs";
import { CardFields } from "../views/CardFields";

interface Props {
  readonly controller: PageController;
  readonly source: SectionSource;
  readonly actions: GridActions;
  readonly rowId: number;
  readonly onClose: () => void;
}

/** One row as a card, over the page. */
export function RecordDialog({ controller, source, actions, rowId, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <DialogFrame title={t("card.row", { row: rowId })} onClose={onClose}>
      <CardFields controller={controller} source={source} actions={actions} rowId={rowId} />
      <div className="dialog-actions">
        <Button className="button" onPress={onClose}>
          {t("common.close")}
        </Button>
      </div>
    </DialogFrame>
  );
}
