/** The texts of the form's own buttons and errors; what is asked comes from the form itself. */

const WORDS = {
  km: {
    back: 'ថយក្រោយ',
    next: 'បន្ត',
    finish: 'បញ្ចប់ និងបញ្ជូន',
    later: 'ទុកធ្វើពេលក្រោយ',
    check: 'សូមពិនិត្យចម្លើយរបស់អ្នក',
    checkHint: 'ចុចលើចម្លើយណាមួយដើម្បីកែ។',
    add: 'បន្ថែម',
    done: 'រួចរាល់',
    edit: 'កែ',
    remove: 'លុបចេញ',
    removeSure: 'លុបពិតមែនឬ?',
    yesRemove: 'បាទ/ចាស លុប',
    keep: 'កុំលុប',
    none: 'មិនទាន់ឆ្លើយ',
    nobody: 'មិនទាន់មាននៅឡើយទេ។',
    problems: 'មានបញ្ហាត្រូវកែ',
    required: 'សូមឆ្លើយសំណួរនេះ។',
    constraint: 'ចម្លើយនេះមិនត្រឹមត្រូវទេ។ សូមកែ។',
    notDate: 'សូមសរសេរថ្ងៃពិតប្រាកដ៖ ថ្ងៃ ខែ ឆ្នាំ ដូចជា 27 3 1987។',
    notNumber: 'សូមសរសេរជាលេខ។',
    day: 'ថ្ងៃ',
    month: 'ខែ',
    year: 'ឆ្នាំ',
    search: 'ស្វែងរក',
    choose: 'ជ្រើសរើស',
    chosen: 'បានជ្រើស',
    more: 'មានច្រើនទៀត។ សូមសរសេរឈ្មោះដើម្បីរក។',
    noHit: 'រកមិនឃើញទេ។',
    change: 'ប្ដូរ',
    confirm: 'បាទ/ចាស ត្រឹមត្រូវ',
    takePosition: 'យកទីតាំង',
    taking: 'កំពុងរកទីតាំង… សូមឈរក្រោមមេឃវាល។',
    position: 'ទីតាំង',
    accuracy: 'កម្រិតច្បាស់ (ម៉ែត្រ)',
    noPosition: 'យកទីតាំងមិនបានទេ។ អ្នកអាចរំលងបាន។',
    takePhoto: 'ថតរូប',
    badPhoto: 'អានរូបនេះមិនបានទេ។ សូមថតម្ដងទៀត។',
    optional: 'មិនចាំបាច់',
    question: 'សំណួរ',
  },
  en: {
    back: 'Back',
    next: 'Next',
    finish: 'Finish and send',
    later: 'Leave for later',
    check: 'Check your answers',
    checkHint: 'Tap an answer to change it.',
    add: 'Add',
    done: 'Done',
    edit: 'Change',
    remove: 'Remove',
    removeSure: 'Really remove?',
    yesRemove: 'Yes, remove',
    keep: 'Keep',
    none: 'Not answered',
    nobody: 'None yet.',
    problems: 'There is a problem',
    required: 'Answer this question.',
    constraint: 'This answer is not possible. Correct it.',
    notDate: 'Enter a real date: day, month and year, such as 27 3 1987.',
    notNumber: 'Enter a number.',
    day: 'Day',
    month: 'Month',
    year: 'Year',
    search: 'Search',
    choose: 'Choose',
    chosen: 'Chosen',
    more: 'There are more. Type a name to find it.',
    noHit: 'Nothing found.',
    change: 'Change',
    confirm: 'Yes, that is right',
    takePosition: 'Take the position',
    taking: 'Looking for the position… Stand under the open sky.',
    position: 'Position',
    accuracy: 'Accuracy in metres',
    noPosition: 'No position could be taken. You may go on without.',
    takePhoto: 'Take a photo',
    badPhoto: 'This picture could not be read. Take it again.',
    optional: 'optional',
    question: 'Question',
  },
};

/** Gives the texts of a language ("km" or "en"). */
export const wordsOf = (language) => WORDS[language] ?? WORDS.km;

const KHMER = '០១២៣៤៥៦៧៨៩';

/** Reads Khmer digits as Latin ones. */
export const latinDigits = (text) =>
  text.replace(/[០-៩]/g, (digit) => String(KHMER.indexOf(digit)));

/** Writes digits as the reader of a language does. */
export const digits = (text, language) =>
  language === 'km' ? String(text).replace(/[0-9]/g, (digit) => KHMER[Number(digit)]) : String(text);
