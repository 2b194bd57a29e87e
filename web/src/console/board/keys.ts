/* Single-key commands: not while somebody types, not with Ctrl, Alt or Meta, not behind a dialog. */
export function boardKeys(commands: Record<string, () => void>): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const at = event.target;
    if (at instanceof HTMLElement && (at.isContentEditable || isTyping(at) || at.closest('dialog[open]'))) return;
    const run = commands[event.key];
    if (!run) return;
    event.preventDefault();
    run();
  };
}

function isTyping(el: HTMLElement): boolean {
  if (el instanceof HTMLInputElement) return el.type !== 'checkbox' && el.type !== 'radio' && el.type !== 'button';
  return el instanceof HTMLTextAreaElement || el instanceof HTMLSelectElement;
}
