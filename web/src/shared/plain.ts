/** Vue's reactive proxies cannot be stored (DataCloneError): a copy without them. */
export const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
