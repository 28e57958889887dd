/** What cells outside the grid need from their document. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { CellContext } from "../cells/kind";
import type { DocumentSession } from "../store/session";

const DAY = 86_400;
const SEARCH_LIMIT = 50;

export function useCellContext(session: DocumentSession): CellContext {
  const { t } = useTranslation();
  const { locale, timezone, currency } = session.model.settings();
  return useMemo(
    () => ({
      locale,
      timezone,
      currency: currency ?? null,
      t: (key, params) => t(`grid.${key}`, params ?? {}),
      today: () => Math.floor(Date.now() / 1000 / DAY) * DAY,
      searchReference: (tableId, colId, text) => session.searchColumn(tableId, colId, text, SEARCH_LIMIT),
    }),
    [session, locale, timezone, currency, t],
  );
}
