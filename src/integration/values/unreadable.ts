/** What was read is no value. Its message is a sentence without a full stop, and holds nothing that was read. */
export class Unreadable extends Error {}
