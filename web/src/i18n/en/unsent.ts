/* What waits on this device, in both faces. */
import type { Translation } from '../../shared/i18n';
import type zh from '../zh-CN/unsent';

const en: Translation<typeof zh> = {
  unsent: {
    title: 'Not sent yet',
    lead: 'These are stored on this device. They are sent when there is a network, and each counts once.',
    none: 'Nothing is waiting to be sent.',
    offline: 'There is no network now.',
    sendNow: 'Send now',
    sending: 'Sending…',
    fragile: 'This device’s storage is full or switched off: do not close this page before all is sent.',
    clock: 'The clock of this device is {span}. Times on this page are corrected to the server’s.',
    fast: '{span} fast',
    slow: '{span} slow',
    report: 'New request',
    photos: '{n} photos',
    at: '{when} ({age} ago)',
    mayBeSent: 'May have arrived',
    behind: 'Goes after the one before it is settled',
    conflict: 'Somebody was faster',
    conflictNow: 'It is now “{state}”.',
    refused: 'Not accepted',
    again: 'Do it all the same',
    cannot: 'Not possible any more',
    retry: 'Try again',
    drop: 'Drop it',
    dropped: 'Dropped',
    dropFollow: 'Drop it and what follows on it',
    look: 'See the request',
    conflicts: 'For you to decide ({n})',
    waiting: 'Waiting ({n})',
  },
};
export default en;
