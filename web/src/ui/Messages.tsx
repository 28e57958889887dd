import { useTranslation } from "react-i18next";
import { Button } from "react-aria-components";
import { Icon } from "./Icon";
import { useMessages } from "./messages";

/** The corner with errors, and the live region for screen readers. One of each for the whole application. */
export function Messages() {
  const { t } = useTranslation();
  const { messages, announcement, dismiss } = useMessages();
  return (
    <>
      <div className="toasts" role="alert">
        {messages.map((message) => (
          <div key={message.id} className={message.kind === "notice" ? "toast notice" : "toast"}>
            <p>{message.text}</p>
            <Button className="icon-button" aria-label={t("common.dismiss")} onPress={() => dismiss(message.id)}>
              <Icon name="close" />
            </Button>
          </div>
        ))}
      </div>
      <div className="visually-hidden" aria-live="polite" data-testid="announcer">
        <span key={announcement.turn}>{announcement.text}</span>
      </div>
    </>
  );
}
