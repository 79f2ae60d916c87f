// The little that a page does by script. Every page works without it.
import {
  Button, CharacterCount, Checkboxes, createAll, ErrorSummary, FileUpload, NotificationBanner,
  PasswordInput, ServiceNavigation, SkipLink,
} from 'govuk-frontend'
import './digest.mjs'

createAll(Button, { preventDoubleClick: true })
createAll(CharacterCount, {
  i18n: {
    charactersUnderLimit: { one: 'Te queda %{count} carácter', other: 'Te quedan %{count} caracteres' },
    charactersAtLimit: 'No te quedan caracteres',
    charactersOverLimit: { one: 'Te sobra %{count} carácter', other: 'Te sobran %{count} caracteres' },
    textareaDescription: { other: 'Puedes escribir hasta %{count} caracteres' },
  },
})
createAll(Checkboxes)
createAll(ErrorSummary)
createAll(FileUpload, {
  i18n: {
    chooseFilesButton: 'Elegir archivo',
    dropInstruction: 'o suéltalo aquí',
    noFileChosen: 'Ningún archivo elegido',
    multipleFilesChosen: { one: '%{count} archivo elegido', other: '%{count} archivos elegidos' },
    enteredDropZone: 'Estás sobre la zona para soltar',
    leftDropZone: 'Saliste de la zona para soltar',
  },
})
createAll(NotificationBanner)
createAll(PasswordInput, {
  i18n: {
    showPassword: 'Mostrar',
    hidePassword: 'Ocultar',
    showPasswordAriaLabel: 'Mostrar la contraseña',
    hidePasswordAriaLabel: 'Ocultar la contraseña',
    passwordShownAnnouncement: 'Tu contraseña está a la vista',
    passwordHiddenAnnouncement: 'Tu contraseña está oculta',
  },
})
createAll(ServiceNavigation)
createAll(SkipLink)

for (const button of document.querySelectorAll('[data-mesa-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
