import type { Localizer } from '../localize.ts';

/** What has to do with one's own picture, in all languages: a file of its own, fetched only with the view that says it. */
const en = {
  choose: 'Choose a picture',
  change: 'Change picture',
  remove: 'Remove picture',
};

type PictureStrings = typeof en;

const ko: PictureStrings = {
  choose: '사진 선택',
  change: '사진 바꾸기',
  remove: '사진 삭제',
};

const languages: Partial<Record<string, PictureStrings>> = { en, ko };

export const pictureStrings = ({ lang }: Localizer): PictureStrings => languages[lang] ?? en;
