/** Dialogs that ask for one thing: a name, or a confirmation. */
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";

interface FrameProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly alert?: boolean;
  readonly children: ReactNode;
}

export function DialogFrame({ title, onClose, alert, children }: FrameProps) {
  return (
    <ModalOverlay className="modal-overlay" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className="modal">
        <Dialog className="dialog" role={alert ? "alertdialog" : "dialog"}>
          <Heading slot="title">{title}</Heading>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

export interface NameDialogProps {
  readonly title: string;
  readonly label: string;
  readonly action: string;
  readonly initial: string;
  readonly onSubmit: (name: string) => void;
  readonly onClose: () => void;
}

export function NameDialog({ title, label, action, initial, onSubmit, onClose }: NameDialogProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(initial);
  const trimmed = name.trim();
  return (
    <DialogFrame title={title} onClose={onClose}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (trimmed === "") return;
          onClose();
          onSubmit(trimmed);
        }}
      >
        <div className="field">
          <label htmlFor="name-dialog-input">{label}</label>
          <input
            id="name-dialog-input"
            className="input"
            value={name}
            autoFocus
            onFocus={(event) => event.target.select()}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <div className="dialog-actions">
          <Button className="button" onPress={onClose}>
            {t("common.cancel")}
          </Button>
          <Button className="button primary" type="submit" isDisabled={trimmed === ""}>
            {action}
          </Button>
        </div>
      </form>
    </DialogFrame>
  );
}

export interface ConfirmDialogProps {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function ConfirmDialog({ title, text, action, onConfirm, onClose }: ConfirmDialogProps) {
  const { t } = useTranslation();
  return (
    <DialogFrame title={title} onClose={onClose} alert>
      <p>{text}</p>
      <div className="dialog-actions">
        <Button className="button" onPress={onClose} autoFocus>
          {t("common.cancel")}
        </Button>
        <Button
          className="button danger"
          onPress={() => {
            onClose();
            onConfirm();
          }}
        >
          {action}
        </Button>
      </div>
    </DialogFrame>
  );
}
