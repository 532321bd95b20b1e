/** Whether a text may have marks that mean something: `**bold**`, links, lists, code and the like. Most have none. */
export const hasMarks = (text: string): boolean => /[*_~`]|^(?:>|[-•] |\d+[.)] )|https?:\/\/|mailto:/im.test(text);
